package dev.holdfast.standalone.cli;

/** What the command's exit code means. */
public final class ExitCodes {
  /** Done; with {@code --wait}: the job succeeded. */
  public static final int OK = 0;

  /** With {@code --wait}: the job ended otherwise. Else: something went wrong here. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong. */
  public static final int USAGE = 2;

  /** The gateway refused: the message names the field or the reason. */
  public static final int REFUSED = 3;

  /** No gateway answered, or it could not do its work now; trying again later may help. */
  public static final int UNAVAILABLE = 4;

  /** Another process uses the data directory, or the address of the HTTP API. */
  public static final int IN_USE = 5;

  private ExitCodes() {}
}
