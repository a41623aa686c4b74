package dev.slipstream.ingress;

/** What an answer's head is written to, field by field, in the form of one protocol. Borrows what it is given. */
interface FieldOutput {
    /** How a field behaves from one answer to the next, for who keeps a table of them. */
    enum Recurrence {
        /** It will come again with the same value. */
        SAME,
        /** Its value is new each time. */
        NEW
    }

    /** A field; the name in lower case, both of them fit for a head. */
    void field(
            byte[] nameOf,
            int nameStart,
            int nameEnd,
            byte[] valueOf,
            int valueStart,
            int valueEnd,
            Recurrence recurrence);
}
