/**
 * Somebody is away for a while: one of two coordinators or monitors, the broker, the container
 * engine. The cell goes on or waits, nothing is decided twice, and nobody who lives is taken for
 * dead. Timers are at 1/24 to 1/30 of their defaults.
 */
@NullMarked
package dev.holdfast.drill.absence;

import org.jspecify.annotations.NullMarked;
