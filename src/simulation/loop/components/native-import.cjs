// A plain import() that no bundler or test runner rewrites: component files load in Node's own loader.
module.exports = (url) => import(url)
