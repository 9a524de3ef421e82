package dev.holdfast.drill.check;

import java.util.ArrayList;
import java.util.List;

/** Broken invariants, each with the evidence. */
public final class Verdict {
  private final List<String> broken = new ArrayList<>();

  void require(boolean held, String invariant, String evidence) {
    if (!held) {
      broken.add(invariant + ": " + evidence);
    }
  }

  public List<String> broken() {
    return List.copyOf(broken);
  }
}
