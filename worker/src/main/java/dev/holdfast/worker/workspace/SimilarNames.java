package dev.holdfast.worker.workspace;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Guesses which existing name was meant by one that does not exist. */
final class SimilarNames {

  static final int OFFERED = 5;

  /** Beyond this many names or letters, comparing all would cost more than the hint is worth. */
  private static final int COMPARED_NAMES = 20_000;

  private static final int COMPARED_LETTERS = 100;

  private SimilarNames() {}

  /**
   * At most {@value #OFFERED} of the existing names, the likeliest first; empty if none is near.
   */
  static List<String> to(String asked, List<String> existing) {
    String wanted = fold(asked);
    int near = Math.max(2, wanted.length() / 3);
    return existing.stream()
        .limit(COMPARED_NAMES)
        .map(name -> new Candidate(name, distance(wanted, fold(name))))
        .filter(candidate -> candidate.distance <= near || related(wanted, fold(candidate.name)))
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .limit(OFFERED)
        .map(Candidate::name)
        .toList();
  }

  private record Candidate(String name, int distance) {}

  private static String fold(String name) {
    String short_ = name.replaceFirst("^(refs/)?(heads|tags|remotes|origin)/", "");
    String folded = short_.toLowerCase(Locale.ROOT);
    return folded.substring(0, Math.min(COMPARED_LETTERS, folded.length()));
  }

  private static boolean related(String wanted, String name) {
    return Math.min(wanted.length(), name.length()) >= 3
        && (name.contains(wanted) || wanted.contains(name));
  }

  /** Levenshtein's: how many letters to add, drop or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
