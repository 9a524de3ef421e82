package dev.holdfast.coordinator.cell;

import org.jspecify.annotations.Nullable;

/**
 * Why a command is refused; a value, not a failure.
 *
 * @param code machine-readable, see docs/errors.md
 * @param message what was expected, what was found, what to do next
 * @param request the command's correlation id
 */
record Rejection(String code, String message, @Nullable String request) {}
