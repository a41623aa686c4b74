/**
 * The access log: one JSON line for every request that ended, however it ended, in a file or on standard error.
 *
 * <p><b>Threads and owners.</b> Each loop has a {@link dev.slipstream.accesslog.LogLane}, where it copies an ended
 * exchange into a record; one daemon thread, {@code slipstream-access-log}, takes the records of all lanes, writes their
 * lines and gives the records back. A lane is two bounded queues of one producer and one consumer each, so a loop
 * neither waits nor contends, and allocates nothing once it has made its records. Where no record is free, the line is
 * dropped and counted. Without an access log there are neither lanes nor a thread.
 *
 * <p><b>Fields</b>, in this order; one whose value is not known is left out. The names are stable.
 *
 * <table>
 * <caption>A line</caption>
 * <tr><td>{@code time}</td><td>when the exchange ended; RFC 3339, UTC, milliseconds</td></tr>
 * <tr><td>{@code request_id}</td><td>as in {@code x-request-id}</td></tr>
 * <tr><td>{@code key}</td><td>the name of the client's key, never the key; absent where none was valid or none is
 * asked for</td></tr>
 * <tr><td>{@code client}</td><td>the client's address, without its port</td></tr>
 * <tr><td>{@code method}</td><td>{@code OTHER} where it is none of RFC 9110, or could not be read</td></tr>
 * <tr><td>{@code route}</td><td>what was asked for, by the {@code route} label of the metrics; never the path</td></tr>
 * <tr><td>{@code dialect}</td><td>{@code openai} or {@code anthropic}, as the client was answered</td></tr>
 * <tr><td>{@code status}</td><td>what the client was sent; 499 where it left before</td></tr>
 * <tr><td>{@code reason}</td><td>{@code answered}, {@code client_left} or {@code broken}</td></tr>
 * <tr><td>{@code error}</td><td>the failure of our own, as in {@code x-slipstream-error}</td></tr>
 * <tr><td>{@code gen_ai.request.model}</td><td>the configured model that matched, never the client's word for it</td></tr>
 * <tr><td>{@code provider}</td><td>the provider that was asked last</td></tr>
 * <tr><td>{@code attempts}</td><td>how often a provider was asked</td></tr>
 * <tr><td>{@code stream}</td><td>whether the client asked for a stream</td></tr>
 * <tr><td>{@code request_bytes}, {@code response_bytes}</td><td>bytes of the bodies, without framing</td></tr>
 * <tr><td>{@code duration_ms}</td><td>from the first byte of the request to the last of its answer</td></tr>
 * <tr><td>{@code upstream_ms}</td><td>the part of it spent waiting for a connection and for the provider; absent where
 * none was asked</td></tr>
 * <tr><td>{@code first_token_ms}</td><td>from the first byte of the request to the first event of a streamed
 * answer</td></tr>
 * <tr><td>{@code gen_ai.usage.input_tokens}, {@code gen_ai.usage.output_tokens}, {@code cached_tokens},
 * {@code reasoning_tokens}</td><td>as the provider counted them</td></tr>
 * </table>
 *
 * A connection that ends within the head of its first or next request is no request, here as in the metrics.
 *
 * <p><b>When it cannot be written</b> (full disk, read-only), the line under way is kept and tried again every second,
 * records pile up to their bound, further lines are dropped and counted, and serving goes on.
 */
@NullMarked
package dev.slipstream.accesslog;

import org.jspecify.annotations.NullMarked;
