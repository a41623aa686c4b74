/**
 * Which models clients are told of: those of the configuration, and those that providers tell. A {@link
 * dev.slipstream.models.ModelCatalog} is immutable; {@link dev.slipstream.models.CurrentModels} holds the newest one and may
 * be used on any thread.
 */
@NullMarked
package dev.slipstream.models;

import org.jspecify.annotations.NullMarked;
