package dev.holdfast.worker.provision;

/** Something that the job names cannot be given to it; it fails with this code and message. */
public final class ProvisionRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  ProvisionRefused(String code, String message) {
    super(message);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
