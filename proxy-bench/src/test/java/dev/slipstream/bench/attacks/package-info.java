/**
 * Bad bytes from either side against a whole proxy over real sockets. A case is a line of a table: what is sent, what may
 * come back, what the provider may see. The provider reads by a strict parser of its own, so that whatever is malformed,
 * framed twice or smuggled fails the case that did it; behind every case a harmless request must get its own answer. On
 * HTTP/2 (H2…) the same connection must serve it where the error was a stream's, and a neighbour's stream of events on
 * another connection must have gone on.
 */
@NullMarked
package dev.slipstream.bench.attacks;

import org.jspecify.annotations.NullMarked;
