/**
 * The fault drill, the whole-cell simulation and the benchmarks: what has to prove the promises.
 *
 * <pre>
 *   fault   which process is killed when; a pure function of the seed
 *   work    the jobs, and what each must print and return; a pure function of the seed
 *   chaos   brings a real system up, submits, kills, waits for quiet
 *   check   decides from the log, the jobs' own ledger and the API whether the promises held
 *   bench   measures
 * </pre>
 */
@NullMarked
package dev.holdfast.drill;

import org.jspecify.annotations.NullMarked;
