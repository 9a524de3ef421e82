package dev.holdfast.worker.workspace;

/**
 * The branch on which a job's commits land: {@code holdfast/JOB}. A job id may hold dots where git
 * takes none: two in a row, one at the end, and that of a final {@code .lock}. Of those each that
 * is at fault is written as {@code %2E}. No job id holds a percent sign, so decoding it as in a URL
 * gives the id back, and two jobs never share a branch.
 */
public final class WorkBranch {
  private static final String PREFIX = "holdfast/";
  private static final String DOT = "%2E";
  private static final String LOCK = ".lock";

  private WorkBranch() {}

  /** Always a branch name that git takes, and never too long for a file name. */
  public static String of(String job) {
    var branch = new StringBuilder(PREFIX);
    boolean afterDot = false;
    for (int i = 0; i < job.length(); i++) {
      boolean dot = job.charAt(i) == '.';
      String rest = job.substring(i);
      boolean refused = dot && (afterDot || rest.length() == 1 || rest.equals(LOCK));
      branch.append(refused ? DOT : rest.substring(0, 1));
      afterDot = dot && !refused;
    }
    return branch.toString();
  }
}
