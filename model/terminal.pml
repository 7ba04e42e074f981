/*
 * One card terminal, the network in front of it, and what SpinTerminal makes of its answers.
 */

/* 0: nothing was sent, or nothing comes back. */
mtype:request_state = { on_the_wire, at_the_terminal, says_approved, says_partial, says_declined, says_busy,
                        says_not_sent };

mtype:request_state request[PAYMENTS];
bit refused[PAYMENTS];          /* the terminal declined it, and Status says so */
byte charged[PAYMENTS];         /* how often money was taken under this reference */
bit in_part[PAYMENTS];
bit given_back[PAYMENTS];
byte working_on = NOBODY;

#ifdef BATCH_CLOSES             /* Status is blind to a batch that was closed. */
#ifdef NEW_TERMINAL
byte last_batch = 0;            /* it never reported one */
bit is_batch_empty = 1;
#else
byte last_batch = 1;
bit is_batch_empty = 0;
#endif
#ifdef NAMELESS                 /* The terminal names no batch that is empty. */
#define TOLD_BATCH (is_batch_empty -> 0 : open_batch)
#else
#define TOLD_BATCH open_batch
#endif
byte open_batch = 1;
byte batch_of_charge[PAYMENTS], batch_of_attempt[PAYMENTS];
#define VISIBLE(payment) (charged[payment] && batch_of_charge[payment] == open_batch)
#ifdef TRUST_UNKNOWN_BATCH
#define ABSENCE_IS_PROOF(payment) (batch_of_attempt[payment] == 0 || batch_of_attempt[payment] == TOLD_BATCH)
#else
#define ABSENCE_IS_PROOF(payment) (batch_of_attempt[payment] != 0 && batch_of_attempt[payment] == TOLD_BATCH)
#endif
#else
#define VISIBLE(payment) (charged[payment])
#define ABSENCE_IS_PROOF(payment) true
#endif

/* Before the first charge of a terminal whose batch nobody knows, it is asked. */
inline learn_batch() {
#if defined(BATCH_CLOSES) && !defined(IGNORE_NEW_BATCH)
    last_batch = (last_batch == 0 -> TOLD_BATCH : last_batch)
#else
    skip
#endif
}

inline note_batch(a_payment) {
#ifdef BATCH_CLOSES
    batch_of_attempt[a_payment] = last_batch
#else
    skip
#endif
}

inline report_batch(a_payment) {
#ifdef BATCH_CLOSES
    last_batch = batch_of_charge[a_payment]
#else
    skip
#endif
}

/* The one assumption about time: what was sent is carried out within charge_seconds_max of its commit, or never. */
#ifdef TRUST_NOT_FOUND_EARLY
#define WINDOW_IS_OVER(payment) true
#else
#define WINDOW_IS_OVER(payment) (!IS_UNDER_WAY(payment))
#endif
#define IS_NOT_THERE(payment) (WINDOW_IS_OVER(payment) && ABSENCE_IS_PROOF(payment))
#define IS_UNANSWERABLE(payment) \
    (WINDOW_IS_OVER(payment) && !ABSENCE_IS_PROOF(payment) && !VISIBLE(payment) && !refused[payment])
#ifdef FORGET_ITEM
#define TELLS_A_PERSON(payment) false
#else
#define TELLS_A_PERSON(payment) (IS_UNANSWERABLE(payment) && !WAITS_FOR_PERSON(payment))
#endif

/* A doubt that stays a doubt changes nothing, so it is not a step of the model. To tell a person of it is one. */
#define HAS_NEWS(payment) (VISIBLE(payment) || refused[payment] || IS_NOT_THERE(payment) \
                           || TELLS_A_PERSON(payment) || payment_status[payment] == processing)

/* A stalled driver: that somebody looks up what it began means that the lease has run out, and with it the few
   seconds after its begin in which it may send. */
#ifdef STALL
bit is_late[PAYMENTS];
#ifdef SEND_LATE
#define MAY_SEND(payment) true
#else
#define MAY_SEND(payment) (!is_late[payment])
#endif
#else
#define MAY_SEND(payment) true
#endif

inline note_lease(a_payment, is_over) {
#ifdef STALL
    is_late[a_payment] = is_over
#else
    skip
#endif
}

inline look_up(a_payment, answer) {
    note_lease(a_payment, 1);
    if
    :: VISIBLE(a_payment) -> answer = (in_part[a_payment] -> outcome_partial : outcome_approved)
    :: !VISIBLE(a_payment) && refused[a_payment] -> answer = outcome_declined
    :: !VISIBLE(a_payment) && !refused[a_payment] && IS_NOT_THERE(a_payment) -> answer = outcome_not_sent
    :: IS_UNANSWERABLE(a_payment) -> answer = outcome_unanswerable
    :: !VISIBLE(a_payment) && !refused[a_payment] && !WINDOW_IS_OVER(a_payment) -> answer = outcome_in_doubt
    fi
}

/* SpinTerminal.list_charges tells the open batch. */
#define IS_LISTED(payment) (VISIBLE(payment) && !given_back[payment] \
                            && (payment_status[payment] == unknown || payment_status[payment] == declined \
                                || payment_status[payment] == error || IS_LATE_NEWS(payment)))

inline record_listed_charge(a_payment) {
    if
    :: in_part[a_payment] -> record_outcome(a_payment, outcome_partial)
    :: else -> record_outcome(a_payment, outcome_approved)
    fi
}

inline give_back(a_payment) {
    check_voided(a_payment);
    given_back[a_payment] = 1;
    in_part[a_payment] = 0
}

inline take(a_payment, partly, answer) {
    charged[a_payment]++;
    in_part[a_payment] = partly;
#ifdef BATCH_CLOSES
    batch_of_charge[a_payment] = open_batch;
    is_batch_empty = 0;
#endif
    check_charged(a_payment);
    request[a_payment] = answer;
    working_on = NOBODY
}

/* "Reference exists" proves nothing to whoever sent it twice. */
#ifdef RETRY_WITH_NEW_REFERENCE
#define IS_REPEATED(payment) false
#else
#define IS_REPEATED(payment) (charged[payment] || refused[payment])
#endif

inline receive(a_payment) {
    check_asked(a_payment);
    if
    :: IS_REPEATED(a_payment) -> request[a_payment] = 0
    :: else -> request[a_payment] = at_the_terminal; working_on = a_payment
    fi
}

#define MOVES(payment) \
    :: d_step { request[payment] == on_the_wire && working_on == NOBODY -> receive(payment) } \
    :: d_step { request[payment] == on_the_wire && working_on != NOBODY -> request[payment] = says_busy } \
    :: d_step { request[payment] == on_the_wire && GOES_WRONG -> MISHAP; request[payment] = says_busy } \
    :: d_step { request[payment] == on_the_wire && GOES_WRONG -> MISHAP; request[payment] = 0 } \
    :: d_step { request[payment] == on_the_wire -> request[payment] = says_not_sent } \
    :: d_step { request[payment] == at_the_terminal -> take(payment, 0, says_approved) } \
    :: d_step { request[payment] == at_the_terminal -> take(payment, 1, says_partial) } \
    :: d_step { request[payment] == at_the_terminal -> \
                refused[payment] = 1; request[payment] = says_declined; working_on = NOBODY }

#define MAY_CANCEL(order) \
    :: d_step { IS_OPEN(order) && GOES_WRONG -> MISHAP; cancel_checkout(order, event_cancelled, keeps_the_key) }

/* Whatever nobody can foresee: the network, the terminal, the customer and the impatient cashier. */
active proctype world() {
end_quiet:
    do
    EACH_PAYMENT(MOVES)
    EACH_ORDER(MAY_CANCEL)
#ifdef BATCH_CLOSES
    :: d_step { open_batch == 1 && working_on == NOBODY -> open_batch = 2; is_batch_empty = 1 }
#endif
    od
}
