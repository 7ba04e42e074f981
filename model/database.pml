/*
 * The database: what the tables hold, and what each SQL function does to it in one transaction.
 * States are those of ringup.states; an inline has the name of the function it stands for.
 */

/* payment_failed and cancelled differ in nothing that matters here: both are `ended`. */
mtype:order_state = { pending_payment, payment_processing, payment_authorized, completed, ended };
mtype:payment_state = { created, processing, unknown, approved, declined, error, voiding, voided };
mtype:order_event = { event_cancelled, event_payment_refused };
mtype:answer_kind = { keeps_the_key, frees_the_key };
mtype:step_name = { step_charge, step_look_up, step_complete, step_cancel, step_void, step_done,
                    step_send, step_wait, step_record, step_give_up };  /* the last four: within take_payment */
mtype:outcome_name = { outcome_approved, outcome_partial, outcome_declined, outcome_not_sent, outcome_busy,
                       outcome_in_doubt, outcome_unanswerable };

mtype:order_state order_status[ORDERS];
mtype:order_event cancel_event[ORDERS];
mtype:answer_kind failure_code[ORDERS];
mtype:payment_state payment_status[PAYMENTS];
bit driven[PAYMENTS];           /* begun, and whoever began it lives and has not recorded an answer: the lease runs */
bit is_key_used[REGISTERS];     /* by the last order it made */
byte orders_made[REGISTERS];
#ifdef BATCH_CLOSES
bit has_item[PAYMENTS];         /* a person was told that no look-up can end this doubt */
#define WAITS_FOR_PERSON(payment) (payment_status[payment] == unknown && has_item[payment])
#else
#define WAITS_FOR_PERSON(payment) false
#endif

#define LAST_ORDER(key) ((key) * REQUESTS + orders_made[key] - 1)
#define KEY_OF(order) ((order) / REQUESTS)
#define ORDER_OF(payment) ((payment) / TENDERS)
#define IS_OPEN(order) (order_status[order] == pending_payment || order_status[order] == payment_processing \
                        || order_status[order] == payment_authorized)
#define IN_FLIGHT(payment) (payment_status[payment] == processing || payment_status[payment] == unknown)

/* What a call answers. Written before it is read within one atomic step, and so no part of the state. */
hidden mtype:step_name the_step;
hidden byte the_payment;
hidden byte is_mine;
hidden byte is_raised;

hidden byte scan, other, the_order;
hidden byte found;

#define IS_CHARGING(step) (step == step_send || step == step_wait || step == step_record)
#define IS_NOT_OURS(step) (step == step_look_up || step == step_void)
#define IS_AT_WORK(step) (step != step_done && !IS_NOT_OURS(step))
#if TENDERS == 1
#define IS_ANY_IN_FLIGHT(order) IN_FLIGHT(order)
#define IS_ANY_WAITING(order) WAITS_FOR_PERSON(order)
#else
#define IS_ANY_WAITING(order) (WAITS_FOR_PERSON(order * TENDERS) || WAITS_FOR_PERSON(order * TENDERS + 1))
#define IS_ANY_IN_FLIGHT(order) (IN_FLIGHT(order * TENDERS) || IN_FLIGHT(order * TENDERS + 1))
#endif

inline find_in_flight(an_order) {
    found = 0;
    for (scan : 0 .. TENDERS - 1) {
        found = found || IN_FLIGHT((an_order) * TENDERS + scan)
    }
}

inline find_first(an_order, one_status, another_status) {
    the_payment = NOBODY;
    for (scan : 0 .. TENDERS - 1) {
        other = (an_order) * TENDERS + scan;
        if
        :: the_payment == NOBODY && (payment_status[other] == one_status || payment_status[other] == another_status) ->
            the_payment = other
        :: else
        fi
    }
}

inline next_step(an_order) {
    is_mine = 0;
    find_first(an_order, voiding, voiding);
    if
    :: !IS_OPEN(an_order) && the_payment != NOBODY -> the_step = step_void
    :: else ->
        find_first(an_order, processing, unknown);
        if
        :: the_payment != NOBODY -> the_step = step_look_up
        :: the_payment == NOBODY && !IS_OPEN(an_order) -> the_step = step_done
        :: the_payment == NOBODY && IS_OPEN(an_order) && cancel_event[an_order] != 0 -> the_step = step_cancel
        :: else ->
            find_first(an_order, created, created);
            the_step = (the_payment != NOBODY -> step_charge : step_complete)
        fi
    fi
}

inline resume_checkout(an_order) {
    is_raised = 0;
    next_step(an_order)
}

inline prepare_checkout(key, an_order) {
    orders_made[key]++;
    is_key_used[key] = 1;
    an_order = LAST_ORDER(key);
    order_status[an_order] = pending_payment;
    for (scan : 0 .. TENDERS - 1) {
        payment_status[an_order * TENDERS + scan] = created
    }
    resume_checkout(an_order)
}

/* Raises terminal_busy by the index payment_transactions_one_per_terminal. */
inline begin_payment(a_payment) {
    is_raised = 0;
    the_order = ORDER_OF(a_payment);
    if
    :: payment_status[a_payment] != created || cancel_event[the_order] != 0 -> next_step(the_order)
    :: else ->
#ifndef IGNORE_LANE
        for (scan : 0 .. PAYMENTS - 1) {
            is_raised = is_raised || IN_FLIGHT(scan)
        }
#endif
        if
        :: is_raised
        :: else ->
            is_mine = 1;
            the_step = step_charge;
            the_payment = a_payment;
            payment_status[a_payment] = processing;
            order_status[the_order] = payment_processing;
            driven[a_payment] = 1;
            note_lease(a_payment, 0);
            note_batch(a_payment)
        fi
    fi
}

inline undo_charges(an_order) {
    for (scan : 0 .. TENDERS - 1) {
        other = (an_order) * TENDERS + scan;
        if
        :: payment_status[other] == created -> payment_status[other] = error
#ifndef FORGET_VOID
        :: payment_status[other] == approved -> payment_status[other] = voiding
#endif
        :: else
        fi
    }
}

/* With answer_failure: an answer that is not for ever frees the key. Raises transition_not_allowed. */
inline end_unpaid(an_order, event, code) {
    find_in_flight(an_order);
#ifdef END_DESPITE_DOUBT
    found = 0;
#endif
    if
    :: !found && event == event_payment_refused && order_status[an_order] == payment_authorized -> is_raised = 1
    :: else ->
        failure_code[an_order] = (failure_code[an_order] == 0 -> code : failure_code[an_order]);
        if
        :: found -> cancel_event[an_order] = (cancel_event[an_order] == 0 -> event : cancel_event[an_order])
        :: else ->
            undo_charges(an_order);
            order_status[an_order] = ended;
            if
            :: failure_code[an_order] == frees_the_key && LAST_ORDER(KEY_OF(an_order)) == an_order ->
                is_key_used[KEY_OF(an_order)] = 0
            :: else
            fi;
            cancel_event[an_order] = 0;         /* neither is read again: fewer states */
            failure_code[an_order] = 0
        fi
    fi
}

inline record_approval(a_payment, outcome) {
    payment_status[a_payment] = approved;
    report_batch(a_payment);
    if
    :: order_status[the_order] == ended -> undo_charges(the_order)
    :: order_status[the_order] != ended && cancel_event[the_order] != 0 ->
        end_unpaid(the_order, cancel_event[the_order], keeps_the_key)
    :: order_status[the_order] != ended && cancel_event[the_order] == 0 && outcome == outcome_partial ->
        end_unpaid(the_order, event_payment_refused, keeps_the_key)
    :: else ->
        find_in_flight(the_order);
        find_first(the_order, created, created);
        order_status[the_order] = (!found && the_payment == NOBODY -> payment_authorized : order_status[the_order])
    fi
}

/* Raises transition_not_allowed: only a payment that is processing can be put back. */
inline record_refusal(a_payment, outcome) {
    if
    :: outcome == outcome_busy && payment_status[a_payment] == unknown -> is_raised = 1
    :: else ->
        check_refused(a_payment);
        payment_status[a_payment] = (outcome == outcome_busy -> created :
                                     (outcome == outcome_declined -> declined : error));
        if
        :: !IS_OPEN(the_order) || (cancel_event[the_order] == 0 && outcome == outcome_busy)
        :: IS_OPEN(the_order) && cancel_event[the_order] != 0 ->
            end_unpaid(the_order, cancel_event[the_order], keeps_the_key)
        :: else ->
            end_unpaid(the_order, event_payment_refused,
                       (outcome == outcome_declined -> keeps_the_key : frees_the_key))
        fi
    fi
}

/* An approval of a payment that a stale "busy" put back. */
#ifdef REFUSE_CREATED
#define IS_LATE_NEWS(payment) false
#else
#define IS_LATE_NEWS(payment) (payment_status[payment] == created)
#endif

inline record_doubt(a_payment, outcome) {
    payment_status[a_payment] = unknown;
#if defined(BATCH_CLOSES) && !defined(FORGET_ITEM)
    if
    :: outcome == outcome_unanswerable -> check_told(a_payment); has_item[a_payment] = 1
    :: else
    fi
#else
    skip
#endif
}

inline record_outcome(a_payment, outcome) {
    is_raised = 0;
    the_order = ORDER_OF(a_payment);
    if
    :: outcome == outcome_approved || outcome == outcome_partial ->
        if
        :: IN_FLIGHT(a_payment) || IS_LATE_NEWS(a_payment) -> record_approval(a_payment, outcome)
#ifndef REFUSE_LATE_APPROVAL
        :: payment_status[a_payment] == declined || payment_status[a_payment] == error ->
            record_approval(a_payment, outcome)
#endif
        :: else
        fi
    :: IN_FLIGHT(a_payment) && (outcome == outcome_in_doubt || outcome == outcome_unanswerable) ->
        record_doubt(a_payment, outcome)
    :: IN_FLIGHT(a_payment) && (outcome == outcome_declined || outcome == outcome_not_sent
                                || outcome == outcome_busy) -> record_refusal(a_payment, outcome)
    :: else
    fi;
    check_heard(a_payment, outcome);
    next_step(ORDER_OF(a_payment))
}

inline complete_checkout(an_order) {
    is_raised = 0;
    next_step(an_order);
    if
    :: order_status[an_order] == completed
    :: order_status[an_order] != completed && the_step == step_complete ->
        order_status[an_order] = completed;
        check_sold(an_order)
    :: else -> is_raised = 1
    fi;
    next_step(an_order)
}

inline cancel_checkout(an_order, event, code) {
    is_raised = (order_status[an_order] == completed);
    if
    :: IS_OPEN(an_order) -> end_unpaid(an_order, event, code)
    :: else
    fi;
    next_step(an_order)
}

inline record_void(a_payment) {
    payment_status[a_payment] = (payment_status[a_payment] == voiding -> voided : payment_status[a_payment])
}

/* take_payment: a terminal that stays taken refuses the sale. */
inline take_terminal(a_payment) {
    learn_batch();
    begin_payment(a_payment);
    if
    :: is_raised -> cancel_checkout(ORDER_OF(a_payment), event_payment_refused, frees_the_key)
    :: else
    fi
}

/* recovery.finish_order, for an order that nobody drives. A sale that waits for its card is expired. */
inline finish_order(an_order) {
    next_step(an_order);
    if
    :: the_step == step_complete -> complete_checkout(an_order)
    :: the_step == step_cancel -> cancel_checkout(an_order, event_cancelled, keeps_the_key)
#ifdef RECOVERY_CHARGES
    :: the_step == step_charge -> request[the_payment] = on_the_wire
#else
    :: the_step == step_charge -> cancel_checkout(an_order, event_cancelled, frees_the_key)
#endif
    fi
}
