/**
 * Asks providers for their lists of models, on one loop, and puts what they tell into {@link
 * dev.slipstream.models.CurrentModels}. Confined to that loop, but for the reading of an answer, which an executor does.
 */
@NullMarked
package dev.slipstream.discover;

import org.jspecify.annotations.NullMarked;
