/**
 * What edits requests and answers between a client and a provider of another dialect (or with another idea of their
 * tokens). Machines without a partner: bytes in, bytes out; dispatch gives and takes. Confined to the exchange's loop,
 * but for {@link dev.slipstream.transform.RequestTranslation}, which may run off it.
 */
@NullMarked
package dev.slipstream.transform;

import org.jspecify.annotations.NullMarked;
