/**
 * Decides whether the promises held, from evidence that the system under test does not write for
 * the purpose: the events topic, a ledger that the jobs write themselves, and the API's answers.
 */
@NullMarked
package dev.holdfast.drill.check;

import org.jspecify.annotations.NullMarked;
