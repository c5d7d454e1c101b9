export const VERSION_OF_BUILTINS = '1.0.0'
