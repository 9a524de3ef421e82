package dev.holdfast.worker.container;

/** References of images, as people write them. */
final class ImageName {
  private ImageName() {}

  /** With a tag or digest: without, an engine would fetch all tags that there are. */
  static String complete(String reference) {
    String last = reference.substring(reference.lastIndexOf('/') + 1);
    return last.contains(":") || last.contains("@") ? reference : reference + ":latest";
  }

  /** The registry's host; empty for the engine's standard one. */
  static String registry(String reference) {
    int slash = reference.indexOf('/');
    String first = slash < 0 ? "" : reference.substring(0, slash);
    return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : "";
  }
}
