package dev.holdfast.worker.disk;

import java.io.IOException;
import java.util.List;

/** Something that can be made or fetched again, and so be given up for room. */
public interface Cache {
  /** What sort of thing is in it, as the metrics have it. */
  String kind();

  /** All that could be given up, the longest unused first. */
  List<? extends Item> longestUnusedFirst() throws IOException;

  /** One thing in it. */
  interface Item {
    String name();

    /**
     * Gives it up, unless something living uses it.
     *
     * @return whether it is gone
     */
    boolean giveUp() throws IOException, InterruptedException;
  }
}
