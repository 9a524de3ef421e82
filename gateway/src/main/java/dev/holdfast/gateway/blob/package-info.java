/** Result files of jobs, read back from the blobs topic chunk by chunk and checked by digest. */
@NullMarked
package dev.holdfast.gateway.blob;

import org.jspecify.annotations.NullMarked;
