/**
 * Tests of {@code ./holdfast}, the shell script at the repository's root, against a {@link
 * dev.holdfast.standalone.launcher.FakeClone} in which java and mvn are scripts that tell what they
 * were asked to do.
 */
@NullMarked
package dev.holdfast.standalone.launcher;

import org.jspecify.annotations.NullMarked;
