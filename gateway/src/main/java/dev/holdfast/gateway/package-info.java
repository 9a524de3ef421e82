/**
 * The gateway: the HTTP API, and the views that it answers from.
 *
 * <p>Authority: none. It asks the coordinator by commands, and tells what the log says. Everything
 * on its disk can be deleted and is rebuilt from Kafka.
 *
 * <pre>
 *   http      operations of openapi.yaml, problems, streams
 *   command   commands out, decisions back
 *   view      jobs, folded from events          (jobs.db)
 *   output    where output lies, and its bytes  (output.db)
 *   blob      result files
 *   fleet     workers, in memory
 *   log       following a topic, reading records back
 * </pre>
 */
@NullMarked
package dev.holdfast.gateway;

import org.jspecify.annotations.NullMarked;
