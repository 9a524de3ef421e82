/**
 * Configuration: every key with its default and explanation in one place ({@link
 * dev.holdfast.runtime.config.Setting}), read once into immutable records. Building a configuration
 * opens nothing; all its problems are told together.
 */
@NullMarked
package dev.holdfast.runtime.config;

import org.jspecify.annotations.NullMarked;
