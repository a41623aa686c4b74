/** Tests of the tables of paths and models. */
@NullMarked
package dev.slipstream.route;

import org.jspecify.annotations.NullMarked;
