/*
 * The checkout and recovery protocol of ringup, for Spin: two registers, one card terminal, two recoverers.
 *
 * A step in the database is atomic, the network is not, and whoever drives may die between any two steps.
 * README.md beside this file says which line stands for which function, what is left out, and what was found.
 */

/* Sizes: how much happens in one run. */
#ifndef REGISTERS
#define REGISTERS 2             /* one key each */
#endif
#ifndef REQUESTS
#define REQUESTS 2              /* with one key: the first, and those that ask again */
#endif
#ifndef TENDERS
#define TENDERS 1               /* card tenders of one order */
#endif
#ifndef RECOVERERS
#define RECOVERERS 2
#endif

/* How much goes wrong in one run, of any kind and wherever it hurts most: a driver or a recoverer dies; a request, an
   answer or (LOSE_COMMITS) the confirmation of a commit is lost; the terminal is busy with nothing of ours; an order's
   lease runs out under a driver who lives; somebody cancels. */
#ifndef MISHAPS
#define MISHAPS 2
#endif

#define NOBODY 255
#define ORDERS (REGISTERS * REQUESTS)
#define PAYMENTS (ORDERS * TENDERS)

#if PAYMENTS == 1
#define EACH_PAYMENT(option) option(0)
#elif PAYMENTS == 2
#define EACH_PAYMENT(option) option(0) option(1)
#elif PAYMENTS == 3
#define EACH_PAYMENT(option) option(0) option(1) option(2)
#elif PAYMENTS == 4
#define EACH_PAYMENT(option) option(0) option(1) option(2) option(3)
#endif
#if ORDERS == 1
#define EACH_ORDER(option) option(0)
#elif ORDERS == 2
#define EACH_ORDER(option) option(0) option(1)
#elif ORDERS == 3
#define EACH_ORDER(option) option(0) option(1) option(2)
#elif ORDERS == 4
#define EACH_ORDER(option) option(0) option(1) option(2) option(3)
#endif

/* Mutants and assumptions: README.md lists these switches, and tests/model proves each of them to matter. */
#ifdef TIMEOUT_IS_DECLINE
#define NO_ANSWER outcome_declined
#else
#define NO_ANSWER outcome_in_doubt
#endif
#ifdef STALL
#define IS_LEASED(payment) false
#else
#define IS_LEASED(payment) driven[payment]
#endif

#define IS_UNDER_WAY(payment) (request[payment] == on_the_wire || request[payment] == at_the_terminal)

byte mishaps;
#define GOES_WRONG (mishaps < MISHAPS)
#define MISHAP mishaps++

#include "database.pml"
#include "properties.pml"
#include "terminal.pml"

byte drivers[ORDERS];           /* how many drive it: while there is one, its lease runs */
#define IS_FREE(order) (IS_OPEN(order) && drivers[order] == 0)
#define TAKE_OVER order = LAST_ORDER(KEY); drivers[order]++; resume_checkout(order); GO_ON

#define KEY ((_pid - 1) / REQUESTS)              /* process 0 is the world */
#define COMES_AGAIN ((_pid - 1) % REQUESTS > 0)
/* Registers are alike, so let the first one be the first to ring up. */
#define MAY_COME (COMES_AGAIN -> orders_made[KEY] > 0 : (KEY == 0 || orders_made[KEY - 1] > 0))

/* Whoever is refused (is_raised) has nothing more to do. */
#define GO_ON step = (is_raised -> step_done : (is_mine -> step_send : the_step)); payment = the_payment
#define LEAVE drivers[order]--; order = 0; payment = 0; step = step_done
#define RECORD(what) request[payment] = 0; driven[payment] = 0; record_outcome(payment, what)

/* Whoever was silent for too long does not stand in line again. */
#define TRIES_AGAIN(what) (what != outcome_busy || MAY_SEND(payment))
#ifdef LOSE_COMMITS             /* The answer is committed; whoever did it does not hear so, and does it again. */
#define HEARS(reply, what) \
    :: d_step { step == step_wait && request[payment] == reply && TRIES_AGAIN(what) -> RECORD(what); GO_ON } \
    :: d_step { step == step_wait && request[payment] == reply && GOES_WRONG -> MISHAP; RECORD(what); answer = what; \
                step = step_record }
#else
#define HEARS(reply, what) \
    :: d_step { step == step_wait && request[payment] == reply && TRIES_AGAIN(what) -> RECORD(what); GO_ON }
#endif

/* One request: checkout.ring_up. Of those with one key, the second may come while the first is at work.
   That an answer is on its way back and that it is in the driver's hand are one state. */
active [REGISTERS * REQUESTS] proctype ring_up() {
    byte order, payment;
    mtype:step_name step;
#ifdef LOSE_COMMITS
    mtype:outcome_name answer;
#endif

    if
    :: d_step { MAY_COME && !is_key_used[KEY] -> prepare_checkout(KEY, order); drivers[order]++; GO_ON }
    :: d_step { is_key_used[KEY] && IS_FREE(LAST_ORDER(KEY)) -> TAKE_OVER }
    :: d_step { is_key_used[KEY] && IS_OPEN(LAST_ORDER(KEY)) && !IS_FREE(LAST_ORDER(KEY)) && GOES_WRONG ->
            MISHAP; TAKE_OVER }
    :: is_key_used[KEY] && !IS_FREE(LAST_ORDER(KEY)) -> goto over   /* replayed, or checkout_in_progress */
    fi;

    do
    :: d_step { step == step_charge -> take_terminal(payment); GO_ON }
    :: d_step { step == step_give_up -> cancel_checkout(order, event_payment_refused, frees_the_key); GO_ON }
    :: d_step { step == step_send && MAY_SEND(payment) -> request[payment] = on_the_wire; step = step_wait }
    :: d_step { step == step_send && !MAY_SEND(payment) -> RECORD(outcome_not_sent); GO_ON }
    HEARS(says_approved, outcome_approved)
    HEARS(says_partial, outcome_partial)
    HEARS(says_declined, outcome_declined)
    HEARS(says_busy, outcome_busy)
    :: d_step { step == step_wait && request[payment] == says_busy ->
            RECORD(outcome_busy);
            step = (is_raised -> step_done : step_give_up) }
    HEARS(says_not_sent, outcome_not_sent)
    :: d_step { step == step_wait && request[payment] == 0 -> RECORD(NO_ANSWER); GO_ON }
    :: d_step { step == step_wait && request[payment] != 0 && GOES_WRONG ->
            MISHAP;
            request[payment] = (IS_UNDER_WAY(payment) -> request[payment] : 0);
            driven[payment] = 0;
            record_outcome(payment, NO_ANSWER);
            GO_ON }
#ifdef LOSE_COMMITS
    :: d_step { step == step_record -> record_outcome(payment, answer); answer = 0; GO_ON }
#endif
    :: d_step { step == step_complete -> complete_checkout(order); GO_ON }
    :: d_step { step == step_cancel -> cancel_checkout(order, event_cancelled, keeps_the_key); GO_ON }
#ifdef RETRY_WITH_NEW_REFERENCE
    :: d_step { step == step_look_up -> driven[payment] = 1; step = step_send }
#endif
    :: atomic { IS_CHARGING(step) && GOES_WRONG ->
            MISHAP;
            request[payment] = (IS_UNDER_WAY(payment) -> request[payment] : 0);
            driven[payment] = 0;
            LEAVE;
            break }
    :: atomic { IS_AT_WORK(step) && !IS_CHARGING(step) && GOES_WRONG -> MISHAP; LEAVE; break }
    :: atomic { !IS_AT_WORK(step) -> LEAVE; break }
    od;
over:
    skip
}

#define IS_DUE(a_payment) (payment_status[a_payment] == unknown \
                           || (payment_status[a_payment] == processing && !IS_LEASED(a_payment)))
#define IS_IDLE (step == step_done)
#define LOOK_UP(a_payment) \
    :: d_step { IS_IDLE && IS_DUE(a_payment) && HAS_NEWS(a_payment) -> \
            payment = a_payment; look_up(a_payment, answer); step = step_look_up }
#define VOID(a_payment) \
    :: d_step { IS_IDLE && payment_status[a_payment] == voiding -> \
            payment = a_payment; give_back(a_payment); step = step_void }
#define WALK(a_payment) \
    :: d_step { IS_IDLE && IS_LISTED(a_payment) -> record_listed_charge(a_payment) }
#define FINISH(an_order) \
    :: d_step { IS_IDLE && IS_FREE(an_order) && !IS_ANY_IN_FLIGHT(an_order) -> finish_order(an_order) } \
    :: d_step { IS_IDLE && IS_OPEN(an_order) && !IS_FREE(an_order) && !IS_ANY_IN_FLIGHT(an_order) && GOES_WRONG -> \
            MISHAP; finish_order(an_order) }

/* One worker: recovery.sweep, and the walk over the terminal's own list. A claim only keeps others away for a while, so
   here it keeps nobody away. To die with the answer to a look-up in hand is never to have asked; to die after a void is
   to lose its answer. */
active [RECOVERERS] proctype recover() {
    byte payment;
    mtype:step_name step = step_done;
    mtype:outcome_name answer;

end_idle:
    do
    EACH_PAYMENT(LOOK_UP)
    EACH_PAYMENT(VOID)
#ifndef NO_WALK
    EACH_PAYMENT(WALK)
#endif
    EACH_ORDER(FINISH)
    :: d_step { step == step_look_up -> record_outcome(payment, answer); payment = 0; answer = 0; step = step_done }
    :: d_step { step == step_void -> record_void(payment); payment = 0; step = step_done }
    :: d_step { step == step_void && GOES_WRONG -> MISHAP; payment = 0; step = step_done }
    od
}

/* When nothing more can happen. Every process but those that wait for work has to be at its end by then, too. */
active proctype audit() {
    timeout -> d_step { check_settled() }
}
