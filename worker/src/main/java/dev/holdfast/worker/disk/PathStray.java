package dev.holdfast.worker.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file or directory that seems to belong to nobody.
 *
 * @param kind of it
 * @param path where it is
 * @param condemned whether it is where only condemned things are
 * @param proof further reasons why it might have to stay, besides processes and locks
 * @param removal how it goes
 */
record PathStray(String kind, Path path, boolean condemned, Proof proof, Removal removal)
    implements Stray {
  private static final LivingUse LIVING = new LivingUse();

  /** One for which nothing speaks but who may be using it. */
  static PathStray of(String kind, Path path, Removal removal) {
    return new PathStray(kind, path, false, Proof.NOTHING_ELSE, removal);
  }

  /** One that was taken out of sight to be deleted. */
  static PathStray trash(String kind, Path path, Removal removal) {
    return new PathStray(kind, path, true, Proof.NOTHING_ELSE, removal);
  }

  /** One that something else than a process may need. */
  static PathStray unless(Proof needed, String kind, Path path, Removal removal) {
    return new PathStray(kind, path, false, needed, removal);
  }

  /** Why a path must stay; empty if nothing speaks for it. */
  interface Proof {
    Proof NOTHING_ELSE = path -> Optional.empty();

    Optional<String> use(Path path) throws IOException;
  }

  /** How a path goes. */
  interface Removal {
    void of(Path path) throws IOException, InterruptedException;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public String identity() {
    try {
      var is =
          Files.readAttributes(path, "unix:ino,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      return is.toString();
    } catch (IOException e) {
      return "gone";
    }
  }

  @Override
  public Optional<String> livingUse() throws IOException {
    if (condemned) {
      // Its owner has given it up; what still runs in there is ended before it is deleted.
      return Optional.empty();
    }
    try {
      Optional<String> use = proof.use(path);
      return use.isPresent() ? use : LIVING.of(path);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void remove() throws IOException, InterruptedException {
    removal.of(path);
  }
}
