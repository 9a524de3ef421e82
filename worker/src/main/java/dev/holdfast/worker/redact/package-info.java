/**
 * Keeps secrets out of what is published.
 *
 * <p>A byte is masked if it belongs to an occurrence of a secret, in any of its {@link
 * dev.holdfast.worker.redact.Spellings}. Whether it does is a function of the whole stream alone,
 * not of how the stream was cut into reads and chunks, nor of who reads it: the publisher that goes
 * on after an adoption and the digest that is made at the end see the same bytes. Each masked byte
 * becomes one {@code *}, so that offsets stay true.
 *
 * <p>While a stream grows, its last bytes may be the beginning of a secret: {@link
 * dev.holdfast.worker.redact.MaskedFile#settledBytes} tells up to where no later byte can change
 * what is masked.
 */
@NullMarked
package dev.holdfast.worker.redact;

import org.jspecify.annotations.NullMarked;
