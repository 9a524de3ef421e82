/** The command line client: what a team and an operator type. Talks to a gateway over HTTP. */
@NullMarked
package dev.holdfast.standalone.cli;

import org.jspecify.annotations.NullMarked;
