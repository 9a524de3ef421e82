package dev.holdfast.schemas.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.Require;

/**
 * Who caused a decided fact, and why.
 *
 * @param by e.g. {@code http}, {@code cli}, {@code worker:w-1}, {@code monitor}, {@code
 *     coordinator}
 * @param why a sentence for people; empty where the fact speaks for itself, cut at 4,000 characters
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Cause(String by, String why) {
  /** A worker's evidence may be of any length; an event may not. */
  private static final int MOST_CHARACTERS = 4000;

  public Cause {
    Require.line("by", by, 200);
    why = why == null ? "" : why.substring(0, Math.min(why.length(), MOST_CHARACTERS));
  }

  public static Cause by(String who) {
    return new Cause(who, "");
  }
}
