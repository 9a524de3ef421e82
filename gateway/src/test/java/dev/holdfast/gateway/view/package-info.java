/** The fold of job events, and what can be asked of it. */
@NullMarked
package dev.holdfast.gateway.view;

import org.jspecify.annotations.NullMarked;
