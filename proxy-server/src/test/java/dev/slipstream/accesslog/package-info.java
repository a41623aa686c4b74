/** Tests of the access log without a proxy. */
@NullMarked
package dev.slipstream.accesslog;

import org.jspecify.annotations.NullMarked;
