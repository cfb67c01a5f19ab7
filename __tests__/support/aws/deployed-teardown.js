module.exports = require("./deployed-setup").stop;
