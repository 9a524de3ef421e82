/**
 * {@code holdfast up}: the whole system on one machine, each role a process that can die alone and
 * is started again. What lives when {@code up} itself is killed is adopted by the next one.
 */
@NullMarked
package dev.holdfast.standalone.up;

import org.jspecify.annotations.NullMarked;
