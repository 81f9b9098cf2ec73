package dev.gatehouse.server.account;

/** Passwords of any length that need no list to be guessed: a few characters over and over, or a run such as {@code abcdefghij}. */
final class RepeatedCharacters {
    private static final int LONGEST_UNIT = 4;

    private RepeatedCharacters() {}

    static boolean makeUp(String password) {
        int[] characters = password.codePoints().toArray();
        return isRun(characters, 1) || isRun(characters, -1) || isRepeated(characters);
    }

    private static boolean isRun(int[] characters, int step) {
        for (int i = 1; i < characters.length; i++) {
            if (characters[i] != characters[i - 1] + step) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRepeated(int[] characters) {
        for (int unit = 1; unit <= Math.min(LONGEST_UNIT, characters.length / 2); unit++) {
            if (hasPeriod(characters, unit)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasPeriod(int[] characters, int unit) {
        for (int i = unit; i < characters.length; i++) {
            if (characters[i] != characters[i - unit]) {
                return false;
            }
        }
        return true;
    }
}
