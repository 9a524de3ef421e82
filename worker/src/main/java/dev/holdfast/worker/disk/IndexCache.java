package dev.holdfast.worker.disk;

import dev.holdfast.worker.index.IndexShelf;
import java.io.IOException;
import java.util.List;

/** Code indexes, which can be made again; their shelf knows who uses them. */
public final class IndexCache implements Cache {
  private final IndexShelf shelf;

  private IndexCache(IndexShelf shelf) {
    this.shelf = shelf;
  }

  public static Cache of(IndexShelf shelf) {
    return new IndexCache(shelf);
  }

  @Override
  public String kind() {
    return "index";
  }

  @Override
  public List<? extends Item> longestUnusedFirst() throws IOException {
    return shelf.all().stream().map(OneIndex::new).toList();
  }

  private final class OneIndex implements Item {
    private final IndexShelf.Shelved index;

    private OneIndex(IndexShelf.Shelved index) {
      this.index = index;
    }

    @Override
    public String name() {
      return index.directory().toString();
    }

    @Override
    public boolean giveUp() throws IOException {
      return shelf.remove(index);
    }
  }
}
