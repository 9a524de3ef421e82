package dev.holdfast.schemas.job;

import dev.holdfast.schemas.Require;

/**
 * A named lock that a job holds while it runs. It is taken before a slot is, all of a job's locks
 * at once, in the order of the queue, and freed when the holder's attempt has provably ended.
 *
 * @param name shared by all who must not run together
 * @param permits how many of the lock's permits it takes; 1 if left out
 */
public record LockWish(String name, Integer permits) {
  private static final int MOST_PERMITS = 10_000;

  /** A repository's lock has its URL in its name. */
  private static final int MOST_CHARACTERS = 2100;

  public LockWish {
    Require.line("name", name, MOST_CHARACTERS);
    permits = permits == null ? 1 : permits;
    Require.between("permits", 1, MOST_PERMITS, permits);
  }
}
