/**
 * {@code holdfast demo}: the main promises, broken at before the user's eyes. Real processes, a
 * real broker, a real git repository; short intervals; ends by itself, with exit code 0 only if all
 * held.
 */
@NullMarked
package dev.holdfast.standalone.demo;

import org.jspecify.annotations.NullMarked;
