/**
 * The admin listener: metrics, health and configuration over plain HTTP/1.1, for people, scrapers and probes.
 *
 * <p>Runs on an event loop of its own, given by the one who starts it, so that a scrape never delays a request. Because
 * nothing else lives on that loop, handlers here may do what no other loop may: read {@code /proc}, ask the JVM's
 * beans, build text. {@link dev.slipstream.admin.AdminServer} owns the listener and its connections; what the endpoints
 * show is lent by {@link dev.slipstream.admin.AdminEndpoints}, whose suppliers run on this loop.
 */
@NullMarked
package dev.slipstream.admin;

import org.jspecify.annotations.NullMarked;
