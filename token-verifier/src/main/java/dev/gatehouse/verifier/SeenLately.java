package dev.gatehouse.verifier;

/**
 * Which tokens were seen lately, roughly: one mark for each in a table that never grows, where later ones push out
 * earlier ones. The places are keyed, so that nobody can choose a token to push out another. Threads may race: a mark
 * that is lost or found too early only moves the moment at which a token is kept.
 */
final class SeenLately {

    private final int[] marks;
    private final long key;

    /** @param places rounded up to a power of two */
    SeenLately(int places, long key) {
        this.marks = new int[Integer.highestOneBit(Math.max(places, 2) * 2 - 1)];
        this.key = key;
    }

    /** Whether the text was seen before; from now on it was. */
    boolean again(String text) {
        long mixed = mixed(text.hashCode() ^ key);
        int place = (int) (mixed >>> 32) & (marks.length - 1);
        int mark = (int) mixed | 1;
        boolean seen = marks[place] == mark;
        marks[place] = mark;
        return seen;
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long once = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }
}
