package dev.slipstream.bench.contract;

import java.io.IOException;

/**
 * A connection of a client to the proxy, whatever is spoken on it. One thread. The next request may be sent when the
 * answer before it is complete.
 */
interface ApiClient extends AutoCloseable {
    /** A request whose body is being sent. */
    interface Upload {
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** The body is complete; waits for the answer's head. */
        Answer end() throws IOException;

        /** Leaves amid it. */
        void cancel() throws IOException;
    }

    /** An answer, read as it comes. */
    interface Answer {
        int status();

        /** The first value, empty where the field is absent. */
        String field(String name);

        /**
         * The next bytes of the body as they come.
         *
         * @return how many; less than 0 at its well-formed end
         * @throws IOException it broke off
         */
        int read(byte[] into) throws IOException;

        /** Leaves without the rest. */
        void cancel() throws IOException;
    }

    /** Sends a whole POST of JSON and does not wait for the answer. */
    void send(String path, byte[] body) throws IOException;

    /** Waits for the head of the answer to what was sent. */
    Answer answer() throws IOException;

    /** Begins a POST of JSON whose body has this length. */
    Upload begin(String path, long length) throws IOException;

    /** Leaves without waiting for anything. */
    void leave() throws IOException;

    @Override
    void close() throws IOException;
}
