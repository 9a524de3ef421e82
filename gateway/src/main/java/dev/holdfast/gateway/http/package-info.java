/**
 * The HTTP API. {@code openapi.yaml} is the source of its routes: each operation in it has one
 * handler class here, and a request reaches the handler only when it satisfies the contract.
 *
 * <pre>
 *   Guard -> BodyHandler -> JsonGuard -> contract -> Operation -> answer, or a failure
 *                                                                     |
 *                                                     ProblemHandler (RFC 9457) <-+
 * </pre>
 *
 * <p>Threads: event loops carry bytes and decide nothing that blocks. Queries and reads of the log
 * run on worker threads ({@link dev.holdfast.gateway.http.Blocking}); long answers are pulled piece
 * by piece as the client takes them ({@link dev.holdfast.gateway.http.StreamPump}), so a slow
 * client costs no memory.
 */
@NullMarked
package dev.holdfast.gateway.http;

import org.jspecify.annotations.NullMarked;
