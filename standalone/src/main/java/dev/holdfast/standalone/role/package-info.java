/**
 * The roles as processes of their own: read settings, start the service, stay until TERM. A child
 * of {@code holdfast up} ignores Ctrl-C, since its parent decides on the order of leaving.
 */
@NullMarked
package dev.holdfast.standalone.role;

import org.jspecify.annotations.NullMarked;
