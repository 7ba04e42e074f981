-- What may follow what: the diagrams in the documentation are made from this.
create view ringup.what_may_follow as
select t.machine, t.from_state, t.event, t.to_state
  from ringup.transitions t;
