/**
 * The fleet of docker-compose.yml, started for real. The images that it begins with stand in, see
 * {@link dev.holdfast.drill.engine}; the file, our image and everything in it are those of users.
 */
@NullMarked
package dev.holdfast.drill.fleet;

import org.jspecify.annotations.NullMarked;
