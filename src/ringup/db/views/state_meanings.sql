-- Every state, with the sentence people are shown.
create view ringup.state_meanings as
select s.machine, s.name, s.means
  from ringup.states s;
