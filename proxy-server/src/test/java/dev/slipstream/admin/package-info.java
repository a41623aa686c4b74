/** Tests of the admin listener: its formats on their own, and the whole of it over a socket. */
@NullMarked
package dev.slipstream.admin;

import org.jspecify.annotations.NullMarked;
