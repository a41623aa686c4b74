/** The engine without sockets: what the tests of the whole pipeline stand on. Confined to the test's thread. */
@NullMarked
package dev.slipstream.harness;

import org.jspecify.annotations.NullMarked;
