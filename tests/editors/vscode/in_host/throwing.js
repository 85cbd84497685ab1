/** A negative control: the run must fail. */

exports.fails = async () => {
  throw new Error("as it should");
};
