package dev.holdfast.worker.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The repositories that a worker holds mirrors of, for whoever chooses a worker. A hint: a mirror
 * may be gone when a job comes for it. Owned by one thread.
 */
public final class HeldRepositories {
  private static final Logger log = LoggerFactory.getLogger(HeldRepositories.class);

  /** An announcement has an end. */
  private static final int MOST = 200;

  private final MirrorShelf shelf;
  private final Map<Path, String> urls = new HashMap<>();

  public HeldRepositories(Path mirrors) {
    this.shelf = new MirrorShelf(mirrors);
  }

  /** Their URLs, the most recently used first. */
  public List<String> urls() {
    try {
      var held = new ArrayList<String>();
      List<MirrorShelf.Shelved> all = shelf.all().reversed();
      urls.keySet()
          .retainAll(Set.copyOf(all.stream().map(MirrorShelf.Shelved::directory).toList()));
      for (MirrorShelf.Shelved mirror : all) {
        String url = urls.computeIfAbsent(mirror.directory(), HeldRepositories::url);
        if (!url.isEmpty() && held.size() < MOST) {
          held.add(url);
        }
      }
      return held;
    } catch (IOException e) {
      log.debug("cannot tell which repositories are held: {}", e.toString());
      return List.of();
    }
  }

  private static String url(Path mirror) {
    var config = new FileBasedConfig(mirror.resolve("config").toFile(), FS.DETECTED);
    try {
      config.load();
      String url = config.getString("remote", "origin", "url");
      return url == null ? "" : url;
    } catch (IOException | ConfigInvalidException e) {
      log.debug("{} does not say what it is a mirror of: {}", mirror, e.toString());
      return "";
    }
  }
}
