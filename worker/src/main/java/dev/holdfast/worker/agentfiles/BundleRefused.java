package dev.holdfast.worker.agentfiles;

import java.nio.file.Path;

/** A bundle cannot be laid into a workspace, however often one tries. */
public final class BundleRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private final Code code;

  private BundleRefused(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** What is wrong. */
  public enum Code {
    /** The worker has no bundle of that name. */
    MISSING,
    /** The bundle, or the workspace, has something that would lead out of the workspace. */
    UNSAFE,
    /** The bundle did not stay the same for as long as a copy takes. */
    CHANGING
  }

  public Code code() {
    return code;
  }

  static BundleRefused missing(String name, Path root) {
    return new BundleRefused(
        Code.MISSING,
        "agent files '%s' are not in %s: expected a directory of that name; put it there, or leave it out of the job"
            .formatted(name, root));
  }

  static BundleRefused unsafe(Path place, String path, String problem) {
    return new BundleRefused(
        Code.UNSAFE,
        "agent files are refused: '%s' in %s %s; only plain files inside the bundle are laid out"
            .formatted(path, place, problem));
  }

  static BundleRefused changing(Path bundle) {
    return new BundleRefused(
        Code.CHANGING,
        "agent files %s changed each time they were copied; put a new version beside the old one and rename it"
            .formatted(bundle));
  }
}
