/*
 * What must hold. All but the last at the moment when they could be broken, the last when nothing more can
 * happen.
 */

/* I3, I8: what is sold was paid in full and not given back, and is the only sale of its key. */
inline check_sold(an_order) {
    for (scan : 0 .. TENDERS - 1) {
        other = (an_order) * TENDERS + scan;
        assert(charged[other] == 1 && !in_part[other] && !given_back[other])
    }
    for (scan : 0 .. ORDERS - 1) {
        assert(scan == (an_order) || KEY_OF(scan) != KEY_OF(an_order) || order_status[scan] != completed)
    }
}

/* I3: money is given back only if it was taken, and never that of a sale. */
inline check_voided(a_payment) {
    assert(charged[a_payment] == 1 && order_status[ORDER_OF(a_payment)] != completed)
}

/* I2: one reference takes money once. Of all that one key asks for one tender, one charge at most is not on its
   way back: nobody's retry charges again. A stalled driver may break the second half for a while. */
inline check_charged(a_payment) {
    assert(charged[a_payment] == 1);
#ifndef STALL
    for (scan : 0 .. PAYMENTS - 1) {
        assert(scan == (a_payment) || !charged[scan] || given_back[scan] || payment_status[scan] == voiding
               || KEY_OF(ORDER_OF(scan)) != KEY_OF(ORDER_OF(a_payment)) || scan % TENDERS != (a_payment) % TENDERS)
    }
#endif
}

/* A terminal is asked for a payment that is on record, and for none while another is in flight or in doubt.
   ONLY_MONEY looks past this law and the next, to see what breaking them costs. */
inline check_asked(a_payment) {
#ifdef ONLY_MONEY
    skip
#else
    assert(IN_FLIGHT(a_payment));
    for (scan : 0 .. PAYMENTS - 1) {
        assert(scan == (a_payment) || !IN_FLIGHT(scan))
    }
#endif
}

/* "No" is recorded only if it is the truth and stays it: nothing was taken, and nothing is under way any more. */
inline check_refused(a_payment) {
#ifdef ONLY_MONEY
    skip
#else
    assert(!charged[a_payment] && !IS_UNDER_WAY(a_payment))
#endif
}

/* I1: an approval that somebody heard of is on record, whatever was thought before. */
inline check_heard(a_payment, outcome) {
    assert((outcome != outcome_approved && outcome != outcome_partial) || payment_status[a_payment] == approved
           || payment_status[a_payment] == voiding || payment_status[a_payment] == voided)
}

/* A person is told of a doubt only if its batch is closed: while it is open, a look-up can still tell. */
inline check_told(a_payment) {
#if defined(BATCH_CLOSES) && !defined(NAMELESS)
    assert(open_batch != 1)
#else
    skip
#endif
}

/* I1, I3, I7: every charge belongs to a sale or went back, or to a doubt that a person knows of; every sale has its
   money; nothing else is open or in doubt. */
inline check_settled() {
    for (scan : 0 .. ORDERS - 1) {
        assert(!IS_OPEN(scan) || IS_ANY_WAITING(scan))
    }
    for (scan : 0 .. PAYMENTS - 1) {
        other = ORDER_OF(scan);
        assert(payment_status[scan] != voiding && (!IN_FLIGHT(scan) || WAITS_FOR_PERSON(scan)));
        assert(payment_status[scan] != created || IS_ANY_WAITING(other));
        assert(!charged[scan] || given_back[scan] || order_status[other] == completed || WAITS_FOR_PERSON(scan)
               || (payment_status[scan] == approved && IS_ANY_WAITING(other)));
        assert(payment_status[scan] != approved || order_status[other] == completed || IS_ANY_WAITING(other));
        assert(order_status[other] != completed
               || (payment_status[scan] == approved && charged[scan] == 1 && !given_back[scan]))
    }
}
